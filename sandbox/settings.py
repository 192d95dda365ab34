"""What may be set from outside."""

import os
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """Port, seed and the demo credentials, which are those of the published signature vectors."""

    host: str = "127.0.0.1"
    port: int = 8090
    seed: int = 7
    kdniao_ebusiness_id: str = "1237100"
    kdniao_app_key: str = "11112222-3333-4444-5555-666677778888"
    kuaidi100_key: str = "TestKey12345"
    kuaidi100_customer: str = "0123456789ABCDEF0123456789ABCDEF"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read SANDBOX_* and the credentials; unset or empty means the default."""
        names = {
            "kdniao_ebusiness_id": "KDNIAO_EBUSINESS_ID",
            "kdniao_app_key": "KDNIAO_APP_KEY",
            "kuaidi100_key": "KUAIDI100_KEY",
            "kuaidi100_customer": "KUAIDI100_CUSTOMER",
        }
        given = {field: environment[name] for field, name in names.items() if environment.get(name)}
        return cls(
            host=environment.get("SANDBOX_HOST") or cls.host,
            port=int(environment.get("SANDBOX_PORT") or cls.port),
            seed=int(environment.get("SANDBOX_SEED") or cls.seed),
            **given,
        )
