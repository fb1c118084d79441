export function WorkflowsScreen() { return <h1>WorkflowsScreen</h1>; }
