"""Read a card as a browser would: its elements, and the words that a screen reader says."""

from html.parser import HTMLParser


class Page(HTMLParser):
    """Elements, attributes and texts of an HTML text; what is hidden from screen readers is left out of `said`."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.said = set(), set(), []
        self._hidden = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= set(attrs)
        if tag != "br":
            self._hidden.append(("aria-hidden", "true") in attrs)

    def handle_endtag(self, tag):
        if tag != "br":
            self._hidden.pop()

    def handle_data(self, data):
        if not any(self._hidden):
            self.said.append(data)

    @property
    def words(self):
        """The words in order."""
        return words("\n".join(self.said))


def words(text):
    """Return the words of a text without the punctuation that holds a line together."""
    return [word for word in (part.strip(":.,()[]`/") for part in text.replace("/", " ").split()) if word]
