"""Answers written little by little, under ASGI as in a test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, StreamingHttpResponse


def streamed(request: HttpRequest, chunks: Iterator[bytes], media: str) -> StreamingHttpResponse:
    """`chunks` sent as they come. Under ASGI each is made in the thread of the request, where its connection lives."""
    body = _awaited(chunks) if isinstance(request, ASGIRequest) else chunks
    return StreamingHttpResponse(body, content_type=media)


async def _awaited(chunks: Iterator[bytes]) -> AsyncIterator[bytes]:
    advance = sync_to_async(lambda: next(chunks, None))
    while (chunk := await advance()) is not None:
        yield chunk
