"""The cheapest custom action there is; it runs in the bot's environment, on stock rasa_sdk."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

TEXT = "顺丰速运 SF1234567890123：运输中。\n最新：11月22日 14:05 杭州 快件已到达杭州转运中心"


class CannedAction(Action):
    """Says the same sentence to everybody."""

    def name(self) -> str:
        """As the domain calls it."""
        return "action_canned"

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,  # noqa: ARG002 - rasa_sdk calls with these names
        domain: dict[str, Any],  # noqa: ARG002 - rasa_sdk calls with these names
    ) -> list[dict[str, Any]]:
        """Answer at once."""
        dispatcher.utter_message(text=TEXT)
        return []
