"""All settings in one frozen object, from defaults, `magpie.toml` and MAGPIE_… variables.

Later sources override earlier ones, and arguments override all of them. Settings are read once and
passed as arguments; only this file reads the assistant's environment variables.
"""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from retrieval.errors import SettingsError


class Settings(BaseSettings):
    """All settings; each field can be set as MAGPIE_<FIELD> or as a key of `magpie.toml`."""

    model_config = SettingsConfigDict(
        env_prefix="MAGPIE_", toml_file="magpie.toml", frozen=True, extra="forbid"
    )

    home: Path = Field(
        default_factory=lambda: Path.home() / ".cache" / "magpie",
        description="Folder for models, indexes and conversations.",
    )
    catalogue: str = Field("demo", description="Name of the index to open.")
    language_model: str = Field(
        "qwen2.5-coder-1.5b-instruct",
        description="A registered name, a hub name, a folder, a .gguf file, 'none', or the address "
        "of a server that speaks OpenAI's protocol: http://HOST:PORT/v1#MODEL.",
    )
    language_model_key: SecretStr = Field(
        SecretStr(""), description="The key that the language model's server asks for."
    )
    stand_in_model: str = Field(
        "none", description="The language model that answers while a server's fails; as above."
    )
    text_encoder: str = Field(
        "all-minilm-l6-v2", description="A registered name, a hub name or a folder."
    )
    picture_encoder: str = Field(
        "embedded",
        description="'embedded', an OpenCLIP name (ViT-B-16-SigLIP/webli, hf-hub:…) or a folder.",
    )
    fusion: str = Field(
        "weighted-concatenation",
        description="How modalities are fused: a name that `magpie search --help` lists.",
    )
    private_media: bool = Field(
        False,
        description="Fetch a catalogue's files also from machines inside your own network.",
    )
    speech_model: str = Field("whisper-base", description="A registered name or a folder.")
    speech_engine: Literal["auto", "openai-whisper", "faster-whisper"] = Field(
        "auto", description="Which Whisper runs; 'auto' prefers faster-whisper if installed."
    )
    store: str = Field(
        "",
        description="Chroma servers that keep the vectors, http://HOST:PORT, several with commas "
        "between them; empty: the index's own folder keeps them.",
    )
    store_token: SecretStr = Field(SecretStr(""), description="The token that they ask for.")
    shards: int = Field(
        1, ge=1, le=256, description="Over how many stores an index's vectors are spread."
    )
    database_url: str = Field("", description="SQLAlchemy URL for conversations; empty is SQLite.")
    remember: bool = Field(
        True, description="Keep likes, dislikes and what was said; off: only what a turn needs."
    )
    user: str = Field("me", min_length=1, description="Whose memory the commands read and write.")
    shown: int = Field(6, ge=1, le=24, description="How many items one turn shows.")
    explained: int = Field(2, ge=0, le=6, description="How many of them the model writes about.")
    rerank: bool | Literal["auto"] = Field(
        "auto",
        description="Let the language model reorder what is found; 'auto': where it reads quickly.",
    )
    link: bool = Field(
        False, description="Let the language model link words to values where meaning leaves doubt."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let arguments override environment variables, and those override the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def indexes_folder(self) -> Path:
        """The folder that contains the indexes."""
        return self.home / "indexes"

    @property
    def media_folder(self) -> Path:
        """The folder of what was fetched from the web; it may be deleted at any time."""
        return self.home / "media"

    @property
    def database(self) -> str:
        """The SQLAlchemy URL of the conversations."""
        return self.database_url or f"sqlite:///{self.home / 'conversations.sqlite'}"


def load_settings(**chosen: object) -> Settings:
    """Return the settings; arguments override all other sources, None means not given.

    Raises:
        SettingsError: a key is unknown or a value is invalid; the message names the setting.
    """
    try:
        return Settings(**{k: v for k, v in chosen.items() if v is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        first, *_ = found = error.errors()
        place = str((*first["loc"], "settings")[0])
        wanted = " or ".join(one["msg"] for one in found if one["loc"][:1] == first["loc"][:1])
        raise SettingsError(
            f"setting {place!r}: {wanted}, not {first.get('input')!r}; "
            "see magpie.toml, the MAGPIE_ variables and the command's options"
        ) from error
