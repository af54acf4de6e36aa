"""Systems: each folder teaches the product one line of government work; only `site` names them."""
