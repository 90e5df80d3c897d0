{{ publication_indicator('1.1', 'issued') }}
