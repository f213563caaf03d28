package dev.jebena.data;

import dev.jebena.base.Problem;
import java.util.OptionalLong;

/// Two parts of a data set without a common row.
public record TrainTestSplit(Dataset train, Dataset test) {
    static TrainTestSplit of(Dataset data, double testFraction, long seed) {
        if (!(testFraction > 0 && testFraction < 1)) {
            throw Problem.badRequest(
                    "the test part is %s of all; expected between 0 and 1".formatted(testFraction));
        }
        long all = data.count();
        long test = (long) Math.ceil(all * testFraction);
        if (test >= all) {
            throw Problem.badRequest(
                    "%,d rows are too few for a test part of %s".formatted(all, testFraction));
        }
        Permutation places = new Permutation(all, seed);
        return new TrainTestSplit(
                new FilteredDataset(
                        data, (_, row) -> places.at(row) >= test, OptionalLong.of(all - test)),
                new FilteredDataset(
                        data, (_, row) -> places.at(row) < test, OptionalLong.of(test)));
    }
}
