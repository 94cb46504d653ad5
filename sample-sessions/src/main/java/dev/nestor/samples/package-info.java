/// The five stories as code. Start at [DemoCommand], which tells each [Story] by real clients
/// through a real gateway ([Stage]) to a real server, seals its archive, and asks the server and
/// the archive, not the script, whether it went as told.
///
/// **Threads.** One story at a time, on the thread of the command; a story may start threads of its
/// own and ends them.
@NullMarked
package dev.nestor.samples;

import org.jspecify.annotations.NullMarked;
