package dev.jebena.llm.internal.sampling;

import java.util.Arrays;

/// What is done with the probabilities of candidates, which are sorted, the likeliest first. A mass
/// is a sum of probabilities relative to the likeliest token's. Sums are in double precision and in
/// a fixed order.
final class Distribution {
    private Distribution() {}

    static double mass(Candidates candidates) {
        double mass = 0;
        for (int i = 0; i < candidates.size(); i++) {
            mass += Math.exp(candidates.logit(i) - candidates.logit(0));
        }
        return mass;
    }

    static double mass(float[] logits, int count, float largest) {
        double mass = 0;
        for (int id = 0; id < count; id++) {
            if (logits[id] > Float.NEGATIVE_INFINITY) {
                mass += Math.exp(logits[id] - largest);
            }
        }
        return mass;
    }

    /// Keeps the likeliest candidates that together reach `p`, at least `least`.
    static void keepTopP(Candidates candidates, float p, double mass, int least) {
        if (p >= 1) {
            return;
        }
        double sum = 0;
        for (int i = 0; i < candidates.size(); i++) {
            sum += Math.exp(candidates.logit(i) - candidates.logit(0));
            if (sum >= p * mass && i + 1 >= least) {
                candidates.keep(i + 1);
                return;
            }
        }
    }

    /// Keeps the candidates that are at least `p` times as likely as the likeliest, at least
    /// `least`.
    static void keepMinP(Candidates candidates, float p, int least) {
        if (p <= 0) {
            return;
        }
        float threshold = candidates.logit(0) + (float) Math.log(p);
        int count = 1;
        while (count < candidates.size() && candidates.logit(count) >= threshold) {
            count++;
        }
        candidates.keep(Math.max(count, least));
    }

    /// Keeps those candidates whose surprise is nearest to the expected one, until they reach `p`
    /// together (Meister et al., "Locally typical sampling", 2022), at least `least`.
    static void keepTypical(Candidates candidates, float p, int least) {
        int size = candidates.size();
        double[] logProbabilities = logProbabilities(candidates);
        double entropy = entropy(logProbabilities);
        long[] byDistance = new long[size];
        for (int i = 0; i < size; i++) {
            float distance = (float) Math.abs(-logProbabilities[i] - entropy);
            byDistance[i] = (long) Float.floatToIntBits(distance) << 32 | i;
        }
        Arrays.sort(byDistance);
        int[] places = new int[size];
        int kept = 0;
        double sum = 0;
        while (kept < size && (kept < Math.max(1, least) || sum <= p)) {
            places[kept] = (int) byDistance[kept];
            sum += Math.exp(logProbabilities[places[kept]]);
            kept++;
        }
        Arrays.sort(places, 0, kept);
        candidates.retain(places, kept);
    }

    /// Natural logarithms of the candidates' probabilities among themselves.
    static double[] logProbabilities(Candidates candidates) {
        double logMass = Math.log(mass(candidates));
        double[] logs = new double[candidates.size()];
        for (int i = 0; i < logs.length; i++) {
            logs[i] = candidates.logit(i) - candidates.logit(0) - logMass;
        }
        return logs;
    }

    /// The entropy of a distribution in nats.
    static double entropy(double[] logProbabilities) {
        double entropy = 0;
        for (double log : logProbabilities) {
            entropy -= Math.exp(log) * log;
        }
        return entropy;
    }

    /// Of the candidates that are at least `threshold` likely keeps only the least likely one, and
    /// all others; nothing changes where fewer than `least` would stay.
    static void dropTopChoices(Candidates candidates, float threshold, int least) {
        double[] logs = logProbabilities(candidates);
        int last = 0;
        while (last + 1 < logs.length && Math.exp(logs[last + 1]) >= threshold) {
            last++;
        }
        if (last > 0 && logs.length - last >= least) {
            candidates.dropFirst(last);
        }
    }

    /// The least logit that is within `n` standard deviations of the largest; logits at negative
    /// infinity do not count.
    static float sigmaThreshold(float[] logits, int count, float n) {
        double sum = 0;
        float largest = Float.NEGATIVE_INFINITY;
        int finite = 0;
        for (int id = 0; id < count; id++) {
            if (logits[id] > Float.NEGATIVE_INFINITY) {
                sum += logits[id];
                largest = Math.max(largest, logits[id]);
                finite++;
            }
        }
        double mean = finite == 0 ? 0 : sum / finite;
        double squares = 0;
        for (int id = 0; id < count; id++) {
            if (logits[id] > Float.NEGATIVE_INFINITY) {
                squares += (logits[id] - mean) * (logits[id] - mean);
            }
        }
        return (float) (largest - n * Math.sqrt(squares / Math.max(1, finite)));
    }

    /// The place of the candidate where the cumulated probability at this temperature passes
    /// `uniform`.
    static int draw(Candidates candidates, float temperature, double uniform) {
        int size = candidates.size();
        double[] sums = new double[size];
        double sum = 0;
        for (int i = 0; i < size; i++) {
            sum += Math.exp((candidates.logit(i) - candidates.logit(0)) / (double) temperature);
            sums[i] = sum;
        }
        for (int i = 0; i < size; i++) {
            if (sums[i] > uniform * sum) {
                return i;
            }
        }
        return 0;
    }

    /// The same over all tokens in the order of their ids, which needs no sorting.
    static int drawFromAll(
            float[] logits, int count, float temperature, double uniform, int likeliest) {
        double largest = logits[likeliest];
        double mass = 0;
        for (int id = 0; id < count; id++) {
            mass += weight(logits[id], largest, temperature);
        }
        double sum = 0;
        for (int id = 0; id < count; id++) {
            sum += weight(logits[id], largest, temperature);
            if (sum > uniform * mass) {
                return id;
            }
        }
        return likeliest;
    }

    private static double weight(float logit, double largest, float temperature) {
        return logit > Float.NEGATIVE_INFINITY ? Math.exp((logit - largest) / temperature) : 0;
    }
}
