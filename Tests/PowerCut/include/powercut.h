#pragma once
#include <stdint.h>

// A library that is put before glibc (LD_PRELOAD) in a program under test. It records what the
// program does to the files of one folder, and can make the disk and the clock misbehave.
//
//   EVERLOCK_FAULTS_STORE     the folder; what lies outside it is left alone
//   EVERLOCK_FAULTS_LOG       the file that records are appended to; none: nothing is recorded
//   EVERLOCK_FAULTS_SWITCHES  a file of struct switches, which the test changes while all runs
//
// A record is a struct record and then its two texts. The order of the records is that of the
// operations: a change of a file and its record are one step. A flush has two records, since only
// what was written before it began is safe once it has ended. Bytes that leave by a socket are
// recorded before they leave, so that nobody has heard an answer that is not in the log yet.
//
// Changes through a mapping are recorded when it is flushed or taken down, not when they are made.
// The test compares the log with the folder at the end, so that an operation which went past this
// library does not stay unseen.

enum kind {
    KIND_START = 1,     // a process began; its descriptors are new
    KIND_OPEN,          // descriptor, offset: the flags; path
    KIND_WRITE,         // descriptor, offset; the bytes
    KIND_RESIZE,        // descriptor, length: the new size
    KIND_ALLOCATE,      // descriptor, length: the size is this at the least
    KIND_RENAME,        // old path, new path
    KIND_LINK,          // old path, new path
    KIND_UNLINK,        // path
    KIND_MKDIR,         // path
    KIND_RMDIR,         // path
    KIND_FLUSH_BEGIN,   // descriptor, offset: the flush's number, length: 1 for data only
    KIND_FLUSH_END,     // descriptor, offset: the flush's number
    KIND_ACCEPT,        // descriptor
    KIND_RECEIVED,      // descriptor; the bytes
    KIND_SENT,          // descriptor; the bytes
};

/// The head of a record, in the machine's own byte order.
struct record {
    uint32_t kind;
    int32_t descriptor;
    int64_t offset;
    int64_t length;
    uint32_t first_bytes;
    uint32_t second_bytes;
};

/// What a test can switch.
struct switches {
    int64_t clock_seconds;      // added to the time of day
    int64_t writes_left;        // how many changes of files succeed before write_error is in force
    int32_t write_error;        // what changes of files fail with; 0: they do not
    int32_t flush_error;        // what fsync fails with; 0: it does not
    int32_t drops_flushes;      // 1: fsync says that it is done, and does nothing
    int32_t refusals;           // counts the changes that were refused
    int32_t held_flushes;       // 1: fdatasync does not return, 2: fsync does not; both may be set
};
