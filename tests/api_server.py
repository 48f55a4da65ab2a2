"""A small shop behind real doors: a real agent with fake models, a real port."""

import base64
import io
import json
import urllib.request
from contextlib import contextmanager
from urllib.error import HTTPError

from PIL import Image

from assistant.agent import Agent
from assistant.api.server.api_server import ApiSettings, open_api
from assistant.memory.store import Memory
from assistant.understanding.catalogue_values import Vocabulary
from retrieval.catalogue.profile import infer_profile
from retrieval.embed import Encoders
from retrieval.items import Catalogue, Item, Variant
from tests.builders import ITEMS, PAINTS, index_of, png
from tests.fakes import ColourPictureEncoder, Ears, HashedTextEncoder

AGENT_HEADER = 'profile="https://platform.example/agent"'
TEE = Item(
    "t1", "Good Tee", "Soft cotton.", "Shirts", 18.0, "USD", "Plain",
    {"size": "S, M, L", "colour": "red, blue", "stock": "7", "rating": "4.5", "reviews": "12"},
    variants=(
        Variant("T-S-R", {"size": "S", "colour": "red"}, 18.0, 2.0),
        Variant("T-M-R", {"size": "M", "colour": "red"}, 18.0, 0.0),
        Variant("T-L-B", {"size": "L", "colour": "blue"}, 20.0, 5.0),
    ),
)  # fmt: skip
CUPS = tuple(
    Item(f"c-{name}", f"Cup, {name}", "A cup.", "Cups", 5.0, "USD", "Kiln Row", {"colour": name},
         pictures=(png(paint, (8, 8)),))
    for name, paint in PAINTS.items()
)  # fmt: skip
CANDLES = tuple(
    Item(
        f"k{n}", f"Candle {n}", "Burns slowly.", "Candles", 5.0 + n, "USD", "Wick", {"rating": "3"}
    )
    for n in range(13)
)
SOLD = (*ITEMS, TEE, *CUPS, *CANDLES)


def doors_agent(folder, items=SOLD, model=None, heard=None):
    """Return an agent over a shop with variants and pictures."""
    encoders = Encoders(HashedTextEncoder(256), ColourPictureEncoder(), Ears(heard))
    bare = Catalogue("shop", {item.id: item for item in items})
    catalogue = Catalogue(bare.name, bare.items, infer_profile(bare))
    pictures = [[Image.open(io.BytesIO(one)) for one in item.pictures] for item in items]
    return Agent(
        index=index_of(catalogue, pictures, encoders),
        encoders=encoders,
        model=model,
        memory=Memory(f"sqlite:///{folder / 'conversations.sqlite'}"),
        vocabulary=Vocabulary(catalogue),
        explained=1,
    )


class LentAgent:
    """An agent as the doors want it, over one index."""

    ready = True

    def __init__(self, agent):
        self.agent, self.memory = agent, agent.memory

    @property
    def catalogue(self):
        return self.agent.catalogue

    def reply(self, request, session):
        return self.agent.reply(request, session)

    @contextmanager
    def lend(self):
        yield self.agent


@contextmanager
def served(agent, home, **settings):
    """Serve an agent on a free port, and yield its address."""
    given = agent if hasattr(agent, "lend") else LentAgent(agent)
    with open_api(given, home, ApiSettings(port=0, **settings)) as address:
        yield address


def ask(address, path, body=None, *, method=None, **headers):
    """Return the status and the body of an answer, read as JSON where it is some."""
    status, _, told = ask_fully(address, path, body, method=method, **headers)
    return status, told


def ask_fully(address, path, body=None, *, method=None, **headers):
    """Return the status, the headers and the body; a header of None is not sent."""
    usual = {"Content-Type": "application/json", "UCP-Agent": AGENT_HEADER}
    named = usual | {name.replace("_", "-"): value for name, value in headers.items()}
    data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    sent = {name: value for name, value in named.items() if value is not None}
    request = urllib.request.Request(address + path, data, sent, method=method)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=30) as answer:
            return answer.status, answer.headers, _read(answer.read())
    except HTTPError as error:
        return error.code, error.headers, _read(error.read())


def encoded(content):
    """Return bytes as base64."""
    return base64.b64encode(content).decode()


def data_address(content, kind="image/png"):
    """Return bytes as an address that holds them."""
    return f"data:{kind};base64,{encoded(content)}"


def _read(body):
    try:
        return json.loads(body)
    except ValueError:
        return body.decode(errors="replace")
