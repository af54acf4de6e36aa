"""The addresses of all pages of orders; those with words of their own come before those with a number."""

from plumbline.web.orders import (
    acts,
    board,
    bulk,
    inbox,
    kinds,
    listed,
    notices,
    opens,
    page,
    papers,
    parameters,
    webhooks,
    years,
)

urls = [
    *listed.urls,
    *inbox.urls,
    *board.urls,
    *opens.urls,
    *bulk.urls,
    *notices.urls,
    *kinds.urls,
    *parameters.urls,
    *years.urls,
    *webhooks.urls,
    *papers.urls,
    *acts.urls,
    *page.urls,
]
