"""The catalogue as UCP, the Universal Commerce Protocol, asks for it: search, lookup, product.

Knows the protocol's fields and rules, of version 2026-08-25; knows no server. What cannot be
applied is said in the answer's messages.

    ucp_records     the values that are answered
    ucp_requests    the values that are asked
    envelope        versions, capabilities, errors; who may ask
    ucp_filters     filters → constraints, or why they cannot be applied
    ucp_products    items → products with their variants
    identifiers     ids of products, variants and codes → items
    ucp_search      search: words, photos, likes and filters → a page of products
    ucp_lookup      lookup and product
"""
