/// Servers that tests, the demo and the benchmarks run against: a real PostgreSQL
/// ([PostgresServer]), a demo identity provider ([DemoIssuer]) and certificates for both
/// ([TestCertificates]). Never packaged with the product, and knows no module of it.
///
/// Start at [PostgresServer#start]. Everything here may block and belongs to the thread that made
/// it.
@NullMarked
package dev.nestor.testservers;

import org.jspecify.annotations.NullMarked;
