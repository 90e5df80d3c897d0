{{ latest_version(
    source('landed', 'satisfaction_surveys'), ['sheet_code', 'question_code'],
    ['sheet_code', 'question_code', 'agency_code', 'surveyed_on', 'round_code', 'factor', 'answer', 'form']
) }}
