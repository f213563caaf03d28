/// Text to token ids and back, and conversations to prompts.
///
/// A [dev.jebena.tokenizers.Tokenizer] comes from the metadata of a GGUF file, from a
/// `tokenizer.json` or from a SentencePiece `tokenizer.model`; a
/// [dev.jebena.tokenizers.ChatTemplate] from the Jinja source that a model carries:
///
/// ```java
/// Tokenizer tokenizer = Tokenizer.ofJson(Path.of("tokenizer.json"));
/// int[] ids = tokenizer.encode("Why is the sky blue?");
/// ```
///
/// An [dev.jebena.tokenizers.Encoding] says also where the tokens lie in the text, and comes cut
/// and padded where [dev.jebena.tokenizers.EncodeOptions] want it:
///
/// ```java
/// EncodeOptions options =
///         EncodeOptions.defaults()
///                 .withTruncation(Truncation.to(512).withStride(64))
///                 .withPadding(Padding.toLongest(0));
/// List<Encoding> batch = tokenizer.encode(texts, options);
/// ```
///
/// What is understood of a `tokenizer.json`, which is all that Hugging Face tokenizers 0.22 know;
/// anything else is refused by name:
///
/// | part | types |
/// |---|---|
/// | `model` | BPE, WordPiece, WordLevel, Unigram |
/// | `normalizer` | Sequence, NFC, NFD, NFKC, NFKD, Nmt, Lowercase, StripAccents, Strip, Prepend, Replace, BertNormalizer, Precompiled, ByteLevel |
/// | `pre_tokenizer` | Sequence, ByteLevel, Split, Digits, Punctuation, Whitespace, WhitespaceSplit, CharDelimiterSplit, FixedLength, UnicodeScripts, BertPreTokenizer, Metaspace |
/// | `post_processor` | Sequence, TemplateProcessing, BertProcessing, RobertaProcessing, ByteLevel |
/// | `decoder` | Sequence, ByteLevel, ByteFallback, Fuse, Replace, Strip, WordPiece, Metaspace, BPEDecoder, CTC |
/// | `truncation`, `padding` | all, as [dev.jebena.tokenizers.Tokenizer#encodeOptions] |
///
/// Of GGUF vocabularies those with `tokenizer.ggml.model` gpt2, llama, bert, t5 and gemma4, and
/// every `tokenizer.ggml.pre` that llama.cpp knows in 2026 but `whitespace`.
@NullMarked
package dev.jebena.tokenizers;

import org.jspecify.annotations.NullMarked;
