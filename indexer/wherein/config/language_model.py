"""The settings of the language model."""

from wherein.config import values
from wherein.config.setting import optional, setting
from wherein.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LlmSettings:
    """The language model that `explain` and `ask` talk to."""

    base_url: str | None = setting(
        lambda: None,
        optional(values.url),
        "Base URL of an OpenAI-compatible server, up to and including its `/v1`. Code is sent only to this server.",
        environment="WHEREIN_LLM_BASE_URL",
        default_text="the first server found on this machine, at port 11434, 9931, 8080, 1234 or 8000",
        example='"http://127.0.0.1:8080/v1"',
    )
    model: str | None = setting(
        lambda: None,
        optional(values.text),
        "The model, by the name the server lists it under.",
        environment="WHEREIN_LLM_MODEL",
        default_text="the best of those the server lists, Mistral's first; never one that runs in a cloud",
        example='"devstral"',
    )
    api_key: str | None = setting(
        lambda: None,
        optional(values.text),
        "The key that the server of `llm.base_url` asks for. It is sent to no other server.",
        environment="WHEREIN_LLM_API_KEY",
        default_text="none",
        example='"…"',
        secret=True,
    )
    context_tokens: int | None = setting(
        lambda: None,
        optional(values.whole(1_024, 10_000_000)),
        "The size of the model's context window, prompt and answer together, in tokens; for servers that do not "
        "report it, such as Ollama.",
        default_text="what the server reports, else 4096",
        example="32768",
    )
    max_tokens: int = setting(
        lambda: 1_024,
        values.whole(16, 100_000),
        "The longest answer, in tokens.",
        example="2048",
    )
    first_token_timeout: int = setting(
        lambda: 180,
        values.whole(1, 86_400),
        "Seconds to wait for the first word: the server may have to load the model and must read the prompt.",
        example="600",
    )
    idle_timeout: int = setting(
        lambda: 30,
        values.whole(1, 86_400),
        "Seconds to wait for each further word.",
        example="60",
    )
    cache: bool = setting(
        lambda: True,
        values.switch,
        "Keep answers in the data folder, and reuse them when the same model is asked the same question.",
        example="false",
    )
    think: bool = setting(
        lambda: False,
        values.switch,
        "In the terminal, first ask the language model what the code that answers a question might look like, and "
        "search for that as well (`--think` of `search` and `ask`). The model is sent the question and the name of "
        "a language, no code.",
        example="true",
    )
    describe_consent: str | None = setting(
        lambda: None,
        optional(values.url),
        "Set to the same URL as `llm.base_url` to allow `wherein index --describe` to send the code of definitions "
        "to a server that is not on this machine.",
        environment="WHEREIN_LLM_DESCRIBE_CONSENT",
        default_text="none: descriptions are written on this machine only",
        example='"https://api.example.com/v1"',
    )
    prompt_price: float = setting(
        lambda: 0.0,
        values.price,
        "The price of a million prompt tokens, in any currency; `wherein stats` reports what was spent.",
        example="0.1",
    )
    answer_price: float = setting(
        lambda: 0.0,
        values.price,
        "The price of a million answer tokens.",
        example="0.3",
    )
