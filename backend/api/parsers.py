import json
from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class SoundJSONParser(JSONParser):
    """JSON nested beyond reading, or with half a character in it, is refused like any that is broken.

    The first exhausts the stack, the second cannot be written into the answer that would quote it.
    """

    def parse(self, *args: Any, **options: Any) -> Any:
        try:
            data = super().parse(*args, **options)
            json.dumps(data, ensure_ascii=False).encode()
        except (RecursionError, UnicodeEncodeError):
            raise ParseError from None
        return data
