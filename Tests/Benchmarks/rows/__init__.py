"""All measurements, in the order they are made.

Those that start a server anew come first, so that the memory at the end is what a server holds
after all the reading and writing; the disk comes before, so that it is the book as it was made.
"""

from rows.editing import Edits
from rows.flushing import Flushes
from rows.getting import Get, GetTogether
from rows.importing import Import, ImportCommand
from rows.listing import Listing
from rows.machine_limits import MachineLimits
from rows.memory import Memory
from rows.multiget import Multiget
from rows.putting import Put, PutTogether
from rows.querying import Query
from rows.starting import ColdStart
from rows.syncing import SyncChange, SyncNothing, SyncOld

GROUPS = (
    Edits(), Query(), Listing(), Multiget(), Get(), GetTogether(), SyncNothing(), SyncChange(),
    SyncOld(), Put(), PutTogether(), Memory(), Flushes(), Import(), ImportCommand(), ColdStart(),
)
# Not to be chosen: the others need it.
FIRST = MachineLimits()
