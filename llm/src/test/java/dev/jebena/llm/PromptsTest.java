package dev.jebena.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.tokenizers.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptsTest {
    @TempDir static Path folder;

    private static final List<Message> TALK =
            List.of(
                    Message.system("Be brief."),
                    Message.user("Hi"),
                    Message.assistant("Hello"),
                    Message.user("Bye"));

    @Test
    void withoutATemplateTalksArePlainText() {
        try (Llm llm = Llm.load(GoldenModel.open("llama-F32", folder).file())) {
            assertThat(llm.chatTemplate()).isNull();
            assertThat(llm.prompt(TALK, Map.of()))
                    .isEqualTo("Be brief.\n\nUser: Hi\nAssistant: Hello\nUser: Bye\nAssistant:");
            assertThat(llm.prompt(TALK, Map.of("add_generation_prompt", false)))
                    .endsWith("User: Bye\n");
        }
    }

    @Test
    void partsOfAMessageAreJoined() {
        try (Llm llm = Llm.load(GoldenModel.open("llama-F32", folder).file())) {
            Message message =
                    new Message(
                            Map.of(
                                    "role",
                                    "user",
                                    "content",
                                    List.of(Map.of("type", "text", "text", "Hi"))));
            assertThat(llm.prompt(List.of(message), Map.of())).contains("User: Hi\n");
        }
    }

    @Test
    void aChatKeepsItsMessages() {
        try (Llm llm = Llm.load(GoldenModel.open("llama-F32", folder).file());
                Chat chat = llm.newChat(Generation.defaults().maxTokens(5).seed(1))) {
            String answer = chat.ask("Hi");
            Answer open = chat.stream("More");
            String read = open.next().text();
            open.close();
            assertThat(chat.messages())
                    .containsExactly(
                            Message.user("Hi"),
                            Message.assistant(answer),
                            Message.user("More"),
                            Message.assistant(read));
        }
    }

    @Test
    void bosIsNotDoubled() {
        try (Llm llm = Llm.load(GoldenModel.open("gemma3-F32", folder).file())) {
            Tokenizer tokenizer = llm.tokenizer();
            Prompts prompts =
                    Prompts.of(Map.of("tokenizer.chat_template", "{{ bos_token }}Hi"), tokenizer);
            int[] ids = tokenizer.encode(prompts.render(TALK, Map.of()));
            int bos = tokenizer.bos().orElseThrow();
            assertThat(ids[0]).isEqualTo(bos);
            assertThat(ids[1]).isNotEqualTo(bos);
        }
    }
}
