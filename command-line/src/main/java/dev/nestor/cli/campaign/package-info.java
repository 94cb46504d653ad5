/// `nestor campaign`: access reviews made from recordings, and the check of signed ones. Start at
/// [CampaignCommand].
@NullMarked
package dev.nestor.cli.campaign;

import org.jspecify.annotations.NullMarked;
