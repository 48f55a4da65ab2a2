"""The values that UCP asks with, by the names of its schema, and how much of each may be sent.

Values alone. Fields that the protocol leaves open are taken, and said to be unused.
"""

from pydantic import BaseModel, ConfigDict, Field

LARGEST_BATCH = 50  # identifiers of one lookup
LARGEST_PAGE = 50
_SHORT = 200  # characters of a name, an id or a value
_AMOUNT = Field(default=None, ge=0, le=10**13)


class UcpContext(BaseModel):
    """Hints on the market; the currency is that of a price filter."""

    model_config = ConfigDict(extra="allow")
    address_country: str | None = Field(default=None, max_length=_SHORT)
    language: str | None = Field(default=None, max_length=_SHORT)
    currency: str | None = Field(default=None, pattern="^[A-Z]{3}$")
    intent: str | None = Field(default=None, max_length=2_000)


class UcpPriceFilter(BaseModel):
    """Limits on the price, in minor units."""

    min: int | None = _AMOUNT
    max: int | None = _AMOUNT


class UcpAttributeFilter(BaseModel):
    """Values of one attribute, of which an item must have one."""

    name: str = Field(min_length=1, max_length=_SHORT)
    values: list[str] = Field(min_length=1, max_length=50)


class UcpRatingFilter(BaseModel):
    """The least rating, and of how many."""

    min: float | None = Field(default=None, ge=0, le=1_000)
    min_count: int | None = Field(default=None, ge=0, le=10**12)


class UcpFilters(BaseModel):
    """Conditions, of which an item must satisfy all."""

    model_config = ConfigDict(extra="allow")
    categories: list[str] | None = Field(default=None, max_length=50)
    price: UcpPriceFilter | None = None
    available: bool | None = None
    attributes: list[UcpAttributeFilter] | None = Field(default=None, max_length=20)
    rating: UcpRatingFilter | None = None


class UcpImage(BaseModel):
    """A photo, in the request itself."""

    content_type: str = Field(max_length=_SHORT, examples=["image/jpeg"])
    data: str = Field(description="base64")


class UcpLike(BaseModel):
    """What found products should be like: a product, or a photo."""

    id: str | None = Field(default=None, min_length=1, max_length=_SHORT)
    image: UcpImage | None = None


class UcpPageRequest(BaseModel):
    """Which page, and how long."""

    cursor: str | None = Field(default=None, max_length=500)
    limit: int = Field(default=10, ge=1)


class UcpSearchRequest(BaseModel):
    """A search: at least one of query, filters and like."""

    model_config = ConfigDict(extra="allow")
    query: str | None = Field(default=None, max_length=2_000, examples=["a warm scarf under $40"])
    context: UcpContext = UcpContext()
    filters: UcpFilters | None = None
    like: list[UcpLike] | None = Field(default=None, max_length=8)
    pagination: UcpPageRequest = UcpPageRequest()
    cursor: str | None = Field(default=None, max_length=500, description="As in `pagination`.")


class UcpLookupRequest(BaseModel):
    """A lookup of products, variants or codes."""

    model_config = ConfigDict(extra="allow")
    ids: list[str] = Field(min_length=1, examples=[["mug-01"]])
    context: UcpContext = UcpContext()
    filters: UcpFilters | None = None


class UcpSelection(BaseModel):
    """A chosen value of an option."""

    name: str = Field(max_length=_SHORT)
    label: str = Field(max_length=_SHORT)


class UcpProductRequest(BaseModel):
    """A question for one product, with what the user has chosen so far."""

    model_config = ConfigDict(extra="allow")
    id: str = Field(min_length=1, max_length=_SHORT, examples=["mug-01"])
    selected: list[UcpSelection] | None = Field(default=None, max_length=20)
    preferences: list[str] | None = Field(default=None, max_length=20)
    context: UcpContext = UcpContext()
    filters: UcpFilters | None = None
