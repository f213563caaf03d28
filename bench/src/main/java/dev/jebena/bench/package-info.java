/// Programs that compare Jebena with the systems it replaces, as ratios measured in one run.
@NullMarked
package dev.jebena.bench;

import org.jspecify.annotations.NullMarked;
