{{ publication_indicator('1.2', 'to_publicise') }}
