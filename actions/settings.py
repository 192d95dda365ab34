"""Settings of the action server, from the environment."""

from pydantic import SecretStr
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    """`backend_url` is ticketing's address; `actions_token` opens it to us."""

    backend_url: str = "http://127.0.0.1:8000"
    actions_token: SecretStr = SecretStr("")
    actions_host: str = "127.0.0.1"
    actions_port: int = 5055
