/// Statements that wait for people. Start at [Approvals]: who may vote, what counts, and when it is
/// over; [SessionDesk] is its face towards one session.
///
/// What is approved is a digest of statement, bound values, session, principal and database, once,
/// by distinct people who are neither the caller nor anybody of its chain. Every vote, also one
/// that does not count, is an event of the recording. Nothing is kept over a restart: a statement
/// that waited ended with its session.
///
/// **Threads.** Any; nothing here blocks.
@NullMarked
package dev.nestor.proxy.approval;

import org.jspecify.annotations.NullMarked;
