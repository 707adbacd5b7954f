"""Display: a verdict as a card in a notebook, and as plain lines on a terminal."""
