interface Example {
  /** Unlike any slug. */
  name: string;
  title: string;
  source: string;
}

/** What a new workflow can begin with. */
export const EXAMPLES: readonly [Example, ...Example[]] = [
  {
    name: ':two-steps',
    title: 'Two steps',
    source: `slug: my-workflow
name: My workflow
description: What it is for

input:                                  # JSON Schema: the form for a new job comes from it
  type: object
  required: [who]
  properties:
    who: { type: string, title: Who }

steps:
  - key: look
    name: Look
    type: command
    with:
      run: |
        echo "{\\"length\\": \${#WHO}}" > "$SIGNALBOX_OUTPUT"
      env: { WHO: "\${{ input.who }}" }

  - key: greet
    name: Greet
    type: prompt
    if: \${{ steps.look.output.length > 0 }}
    with: { model: offline/echo, prompt: "Greet \${{ input.who }}." }
    timeout: 1m

output: { greeting: "\${{ steps.greet.output.text }}" }
`,
  },
  {
    name: ':side-by-side',
    title: 'Side by side, with an approval',
    source: `slug: my-release
name: My release

steps:
  - key: build
    name: Build
    type: command
    with: { run: echo building }

  - key: test
    name: Test
    type: command
    needs: [build]
    with: { run: echo testing }
    retry: { attempts: 3, delay: 5s }

  - key: lint
    name: Lint
    type: command
    needs: [build]                      # beside the tests
    with: { run: echo linting }

  - key: release
    name: Release it?
    type: approval
    needs: [test, lint]
    with:
      message: Everything is green. Release it?
      form:
        type: object
        properties: { version: { type: string, title: Version } }

  - key: publish
    name: Publish
    type: command
    with:
      run: echo "publishing $VERSION"
      env: { VERSION: "\${{ steps.release.output.form.version }}" }
`,
  },
];

/** A copy under another slug, which no workflow has yet as far as that can be told. */
export function asNew(source: string): string {
  return source.replace(
    /^(\s*"?slug"?\s*:\s*"?)([\w-]+)/m,
    (_all, before: string, slug: string) => `${before}${slug}-copy`,
  );
}
