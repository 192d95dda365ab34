"""The action server with one more action, which rejects to run."""

from typing import Any

from rasa_sdk import Action
from rasa_sdk.interfaces import ActionExecutionRejection

from actions.server import serve


class ActionThatRejects(Action):
    """Always rejects."""

    def name(self) -> str:
        """A name of the test's own."""
        return "action_that_rejects"

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:  # noqa: ARG002
        """Reject."""
        raise ActionExecutionRejection(self.name())


if __name__ == "__main__":
    serve()
