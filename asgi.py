"""What bin/run serves: the pages through a2wsgi, and the live streams beside them on one loop."""

from incentives import create_app
from incentives.live.asgi import with_streams

app = with_streams(create_app())
