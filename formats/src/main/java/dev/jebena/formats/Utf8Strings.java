package dev.jebena.formats;

import java.util.List;

/// A large array of strings of a model file that also shows the bytes they are made of, so that a
/// vocabulary can be read without making its strings.
public interface Utf8Strings extends List<String> {
    /// A copy of the bytes that hold all strings; as in the file, so perhaps not UTF-8.
    byte[] bytes();

    /// Where string `index` begins in [#bytes].
    int start(int index);

    /// Where string `index` ends in [#bytes].
    int end(int index);
}
