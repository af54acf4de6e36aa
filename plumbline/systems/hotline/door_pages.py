"""The doors of the hotline: public pages, the API, GeoReport."""

from plumbline.systems.hotline import api, georeport, public

urls = [*public.urls, *api.urls, *georeport.urls]
