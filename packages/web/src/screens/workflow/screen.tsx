export function WorkflowScreen() { return <h1>WorkflowScreen</h1>; }
