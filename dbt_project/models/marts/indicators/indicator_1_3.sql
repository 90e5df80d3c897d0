{{ publication_indicator('1.3', 'public') }}
