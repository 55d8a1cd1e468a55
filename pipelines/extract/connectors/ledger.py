from pipelines.extract.manners import Manners

DATASETS = ()
MANNERS = Manners()
STATEMENTS = ()


def listed(bodies):
    return ()
