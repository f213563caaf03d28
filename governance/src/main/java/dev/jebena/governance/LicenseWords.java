package dev.jebena.governance;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The words of a licence text as the SPDX matching guidelines compare them: no case, punctuation,
/// layout, comment marks or copyright lines; words of equal meaning as one. Kept as the sorted
/// hashes of neighbouring pairs.
///
/// @param pairs one hash for each two neighbouring words, sorted, with repetitions
record LicenseWords(int[] pairs) {
    /// Longer texts are cut: the longest licence has 60,000 words.
    private static final int LONGEST = 4 << 20;

    private static final Pattern WORD = Pattern.compile("[a-z0-9]+");
    private static final Pattern COPYRIGHT =
            Pattern.compile(
                    "(?im)^[ \\t*#/;>%-]{0,80}(?:portions )?(?:copyright[ \\t:]{0,4}(?:\\(c\\)|\u00a9|\\d{4}|[\\[<{]|by )|\u00a9|\\(c\\) )[^\\n]{0,300}$|^[ \\t*#/;>%-]{0,80}all rights reserved\\.?\\s*$");

    /// Some of the guidelines' equivalent words.
    private static final Map<String, String> SAME =
            Map.ofEntries(
                    Map.entry("licence", "license"),
                    Map.entry("licences", "licenses"),
                    Map.entry("licenced", "licensed"),
                    Map.entry("sublicence", "sublicense"),
                    Map.entry("acknowledgement", "acknowledgment"),
                    Map.entry("authorisation", "authorization"),
                    Map.entry("authorised", "authorized"),
                    Map.entry("favour", "favor"),
                    Map.entry("fulfil", "fulfill"),
                    Map.entry("judgement", "judgment"),
                    Map.entry("organisation", "organization"),
                    Map.entry("organisations", "organizations"),
                    Map.entry("recognised", "recognized"),
                    Map.entry("utilisation", "utilization"),
                    Map.entry("whilst", "while"),
                    Map.entry("wilful", "willful"),
                    Map.entry("http", "https"));

    static LicenseWords of(String text) {
        String cut = text.length() > LONGEST ? text.substring(0, LONGEST) : text;
        String plain = Normalizer.normalize(cut, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(COPYRIGHT.matcher(plain).replaceAll(" "));
        while (word.find()) {
            words.add(SAME.getOrDefault(word.group(), word.group()));
        }
        int[] pairs = new int[Math.max(0, words.size() - 1)];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] =
                    words.get(i).hashCode() * 0x9E3779B1
                            ^ Integer.rotateLeft(words.get(i + 1).hashCode(), 13);
        }
        Arrays.sort(pairs);
        return new LicenseWords(pairs);
    }

    /// How many pairs both have.
    int common(LicenseWords other) {
        boolean longer = pairs.length >= other.pairs.length;
        return longer ? common(pairs, other.pairs) : common(other.pairs, pairs);
    }

    /// For each pair of the shorter list the next one of the longer list that is not smaller: by
    /// steps that double, so that a licence is found in a long text without reading all of that.
    private static int common(int[] longer, int[] shorter) {
        int common = 0;
        int at = 0;
        for (int pair : shorter) {
            int step = 1;
            while (at + step < longer.length && longer[at + step] < pair) {
                at += step;
                step *= 2;
            }
            int end = Math.min(longer.length, at + step + 1);
            while (at < end) {
                int middle = (at + end) >>> 1;
                if (longer[middle] < pair) {
                    at = middle + 1;
                } else {
                    end = middle;
                }
            }
            if (at < longer.length && longer[at] == pair) {
                common++;
                at++;
            }
        }
        return common;
    }

    /// The most that [#likeness] can be, by lengths alone.
    double mostLike(LicenseWords other) {
        int sum = pairs.length + other.pairs.length;
        return sum == 0 ? 0 : 2.0 * Math.min(pairs.length, other.pairs.length) / sum;
    }

    /// Sørensen and Dice's coefficient of the pairs: 1 for the same text, 0 for nothing in common.
    double likeness(LicenseWords other) {
        int sum = pairs.length + other.pairs.length;
        return sum == 0 ? 0 : 2.0 * common(other) / sum;
    }

    /// The share of `other` that is in this text.
    double holds(LicenseWords other) {
        return other.pairs.length == 0 ? 0 : (double) common(other) / other.pairs.length;
    }

    /// This text without what `other` has.
    LicenseWords without(LicenseWords other) {
        int[] left = new int[pairs.length];
        int n = 0;
        int j = 0;
        for (int pair : pairs) {
            while (j < other.pairs.length && other.pairs[j] < pair) {
                j++;
            }
            if (j < other.pairs.length && other.pairs[j] == pair) {
                j++;
            } else {
                left[n++] = pair;
            }
        }
        return new LicenseWords(Arrays.copyOf(left, n));
    }
}
