"""`python -m incentives.live`: the live streams alone, on HOST and LIVE_PORT."""

import asyncio
import os
import sys

from config import Config, ConfigError
from incentives import create_app
from incentives.live.process import serve


def main() -> int:
    try:
        config = Config.from_environment(os.environ)
    except ConfigError as reason:
        print(reason, file=sys.stderr)  # noqa: T201
        return 1
    if config.LIVE_PORT is None:
        print("Say with LIVE_PORT where the streams shall be.", file=sys.stderr)  # noqa: T201
        return 1
    asyncio.run(serve(create_app(config), config.HOST, config.LIVE_PORT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
