from rest_framework.pagination import CursorPagination


class Pages(CursorPagination):
    """Newest first, by cursor: a page stays whole while rows are added above it."""

    ordering = ("-created_at", "-id")
    page_size_query_param = "page_size"
    max_page_size = 200
