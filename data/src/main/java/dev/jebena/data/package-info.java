/// Data sets: rows of named columns, from files of many formats, from folders and from hubs, read
/// row by row, changed on the way, asked by SQL and described by statistics.
///
/// [dev.jebena.data.Dataset] is what everything starts from, [dev.jebena.data.Row] one row,
/// [dev.jebena.data.Features] the columns and their types:
///
/// ```java
/// Dataset reviews = Dataset.load("reviews.csv");
/// Dataset train = reviews.filter(row -> row.integer("stars") != 3).shuffle(42);
/// for (Batch batch : train.batches(32)) {
///     learn(batch.column("text"), batch.column("stars"));
/// }
/// ```
@NullMarked
package dev.jebena.data;

import org.jspecify.annotations.NullMarked;
