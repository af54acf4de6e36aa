"""The door a WSGI server enters by."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plumbline.site.settings")

application = get_wsgi_application()
