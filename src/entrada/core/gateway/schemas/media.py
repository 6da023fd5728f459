"""Which media types are JSON.  RFC 6839, section 3.1."""


def is_json(content_type: str) -> bool:
    media_type = content_type.partition(";")[0].strip().lower()
    return media_type.endswith(("/json", "+json"))
