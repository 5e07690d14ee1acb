"""What a WSGI server or the flask command serves: `gunicorn wsgi:app`, `flask --app wsgi …`."""

from incentives import create_app

app = create_app()
