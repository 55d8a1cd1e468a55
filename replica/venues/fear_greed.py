"""alternative.me's index of fear and greed: text, newest day first, no key."""

from replica.answer import Answer, Request, json_answer
from replica.clock import DAY_MS
from replica.limits import Limit
from replica.venues.desk import Desk, whole

HOST = "api.alternative.me"
LIMIT = Limit("fear_greed", cost=60, window_s=60)  # none is documented
FIRST_DAY = 17_563  # 2018-02-01
# The upper end of each band, with its word.
BANDS = ((24, "Extreme Fear"), (44, "Fear"), (55, "Neutral"), (75, "Greed"), (100, "Extreme Greed"))


class FearGreed:
    hosts: tuple[str, ...] = (HOST,)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def endpoint(self, path: str) -> str:
        return path

    def refused(self, answer: Answer) -> bool:
        return answer.status == 429

    def too_many(self) -> Answer:
        return _said("Too many requests", 429)

    def answer(self, request: Request) -> Answer:
        if not self._desk.limiter.ask(LIMIT, request.client, 1).allowed:
            return self.too_many()
        if request.path.rstrip("/") != "/fng":
            return _said("Not Found", 404)
        try:
            limit = whole(request.params, "limit")
        except ValueError:
            return _said("limit is a number", 400)
        return json_answer(
            {"name": "Fear and Greed Index", "data": self._days(limit), "metadata": {"error": None}}
        )

    def _days(self, limit: int | None) -> list[dict[str, str]]:
        """One day where nothing is asked, all where 0 is."""
        if self._desk.market.kind == "recorded":
            return []
        now = self._desk.clock.now_ms()
        today = now // DAY_MS
        count = 1 if limit is None else limit or today
        rows = [_day(day) for day in range(today, max(today - count, FIRST_DAY - 1), -1)]
        left_s = ((today + 1) * DAY_MS - now) // 1000
        rows[0]["time_until_update"] = str(left_s)
        return rows


def _day(day: int) -> dict[str, str]:
    value = day * 31 % 101
    word = next(word for end, word in BANDS if value <= end)
    return {
        "value": str(value),
        "value_classification": word,
        "timestamp": str(day * DAY_MS // 1000),
    }


def _said(words: str, status: int) -> Answer:
    return json_answer({"data": [], "metadata": {"error": words}}, status)


ANSWERS = (FearGreed,)
