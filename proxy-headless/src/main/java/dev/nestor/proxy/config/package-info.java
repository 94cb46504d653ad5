/// The gateway's configuration file as a value. Start at [GatewayConfigFile#read]; the JSON Schema
/// beside it (`gateway.schema.json`) is its contract. Reads files, opens no socket.
@NullMarked
package dev.nestor.proxy.config;

import org.jspecify.annotations.NullMarked;
