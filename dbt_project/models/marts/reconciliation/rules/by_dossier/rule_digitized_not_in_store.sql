select
    {{ finding(
        'digitized_not_in_store', 'components', 'holdings.digitized_components', 'holdings.stored_components'
    ) }}
from {{ ref('int_pairs_tonight') }} as pairs
inner join {{ ref('int_pair_holdings') }} as holdings
    on pairs.dossier_code = holdings.dossier_code
where
    not pairs.is_deleted
    -- papers go to the store with the reception
    and pairs.received_at is not null
    and holdings.digitized_components > holdings.stored_components
