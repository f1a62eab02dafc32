"""Pictures that people send: read with suspicion, drawn again from their pixels alone, kept in several widths."""

from .fields import DescribedPicture, PictureField, PictureFields
from .keeping import keep, redescribe
from .models import Picture

__all__ = ["DescribedPicture", "Picture", "PictureField", "PictureFields", "keep", "redescribe"]
