"""The values that UCP answers with, by the names of its schema.

Values alone. What an item does not have is left out. Amounts are in minor units: 1299 is 12.99 USD.
"""

from typing import Any, Literal

from pydantic import BaseModel


class UcpPrice(BaseModel):
    """An amount of money."""

    amount: int  # in minor units
    currency: str  # ISO 4217


class UcpPriceRange(BaseModel):
    """The prices of a product's variants."""

    min: UcpPrice
    max: UcpPrice


class UcpDescription(BaseModel):
    """A description, as plain text."""

    plain: str


class UcpCategory(BaseModel):
    """A category, as the shop calls it."""

    value: str
    taxonomy: str = "merchant"


class UcpMedia(BaseModel):
    """A picture."""

    type: str = "image"
    url: str
    alt_text: str


class UcpSelectedOption(BaseModel):
    """One chosen value of an option."""

    name: str
    label: str


class UcpOptionValue(BaseModel):
    """A value of an option; the signals are relative to what is selected."""

    label: str
    available: bool | None = None
    exists: bool | None = None


class UcpOption(BaseModel):
    """An option by which variants differ."""

    name: str
    values: list[UcpOptionValue]


class UcpAvailability(BaseModel):
    """Whether a variant can be bought."""

    available: bool
    status: str | None = None  # "in_stock", "out_of_stock"


class UcpBarcode(BaseModel):
    """A product number of a common standard."""

    type: str
    value: str


class UcpInput(BaseModel):
    """The identifier of a request that led to a variant."""

    id: str
    match: Literal["exact", "featured"]


class UcpVariant(BaseModel):
    """A form in which a product is sold."""

    id: str
    sku: str | None = None
    barcodes: list[UcpBarcode] | None = None
    title: str
    description: UcpDescription
    price: UcpPrice
    availability: UcpAvailability | None = None
    options: list[UcpSelectedOption] | None = None
    media: list[UcpMedia] | None = None
    inputs: list[UcpInput] | None = None


class UcpRating(BaseModel):
    """What buyers think of it on the whole."""

    value: float
    scale_min: float | None = None
    scale_max: float
    count: int | None = None


class UcpProduct(BaseModel):
    """A product with its variants, the featured one first."""

    id: str
    handle: str | None = None
    title: str
    description: UcpDescription
    url: str | None = None
    categories: list[UcpCategory] | None = None
    price_range: UcpPriceRange
    media: list[UcpMedia] | None = None
    options: list[UcpOption] | None = None
    variants: list[UcpVariant]
    rating: UcpRating | None = None
    selected: list[UcpSelectedOption] | None = None
    metadata: dict[str, Any] | None = None


class UcpMessage(BaseModel):
    """Something that the asker should know."""

    type: Literal["error", "warning", "info"]
    code: str
    content: str
    severity: Literal["recoverable", "unrecoverable"] | None = None
    path: str | None = None


class UcpPage(BaseModel):
    """Where the next page begins."""

    cursor: str | None = None
    has_next_page: bool


class UcpEnvelope(BaseModel):
    """The protocol's own part of an answer."""

    version: str
    status: Literal["success", "error"] = "success"
    capabilities: dict[str, list[dict[str, str]]]


class UcpSearchAnswer(BaseModel):
    """The answer to a search."""

    ucp: UcpEnvelope
    products: list[UcpProduct]
    pagination: UcpPage
    messages: list[UcpMessage] | None = None


class UcpLookupAnswer(BaseModel):
    """The answer to a lookup."""

    ucp: UcpEnvelope
    products: list[UcpProduct]
    messages: list[UcpMessage] | None = None


class UcpProductAnswer(BaseModel):
    """The answer to the question for one product; without it, messages say why."""

    ucp: UcpEnvelope
    product: UcpProduct | None = None
    messages: list[UcpMessage] | None = None


class UcpRefusal(BaseModel):
    """The body of an answer that is no 200: nothing was searched."""

    code: str
    content: str
    messages: list[UcpMessage]
