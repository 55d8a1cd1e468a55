"""What is believed of asking Binance, and on what ground."""

from typing import Final

from pipelines.statements import Grade, Statement

SHARED: Final = (
    Statement(
        "2400 units of weight a minute and address, shared by USD-M and COIN-M since 2026-06-30; "
        "every answer counts what is used.",
        "vendor's notice on coin-margined futures",
        Grade.VENDOR,
    ),
    Statement(
        "Statistics weigh nothing and have 1000 questions in 5 minutes; funding has 500.",
        "vendor's SDK 18.1.0",
        Grade.VENDOR,
    ),
    Statement(
        "Status 429 asks to slow down, 418 is a ban until Retry-After, 403 is a firewall.",
        "from memory of the vendor's document",
        Grade.UNVERIFIED,
    ),
    Statement(
        "Status 451 refuses whole countries; the archive is on another host and is open there.",
        "an issue at the vendor's public data; another project's notes",
        Grade.THIRD_PARTY,
    ),
    Statement("The body of status 451 may have code 0 in it.", "from memory", Grade.UNVERIFIED),
    Statement(
        "Open interest and ratios are served for about 30 days; empty buckets are left out for good.",
        "vendor's SDK 18.1.0",
        Grade.VENDOR,
    ),
    Statement(
        "A page of funding holds 1000 settlements at most, and the history goes back to the launch.",
        "from memory of the vendor's document",
        Grade.UNVERIFIED,
    ),
    Statement(
        "A file that is not in the archive is status 404 with NoSuchKey.",
        "from memory",
        Grade.UNVERIFIED,
    ),
    Statement(
        "No limit of the archive is documented; 50 files a second is our own.",
        "no document was read",
        Grade.UNVERIFIED,
    ),
    Statement(
        "Each archived file has its SHA-256 beside it and may be replaced later.",
        "vendor's public data repository, 2025-01-09",
        Grade.VENDOR,
    ),
)

STATEMENTS: Final = (
    *SHARED,
    Statement(
        "The socket's old paths accept a subscription and send nothing since 2026-04-23; forced "
        "orders are under /market.",
        "issues of three public projects",
        Grade.THIRD_PARTY,
    ),
    Statement(
        "A connection lives 24 hours; the server pings every 3 minutes and drops after 10.",
        "another project's notes",
        Grade.THIRD_PARTY,
    ),
)
