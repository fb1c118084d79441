import classes from './artifacts.module.css';
import type { StepInPanel } from './step-panel.tsx';

/** The files that a step left, to download. */
export function Artifacts({ artifacts }: { artifacts: StepInPanel['artifacts'] }) {
  return (
    <ul className={classes.list}>
      {artifacts.map(({ id, name, contentType, sizeBytes, url }) => (
        <li key={id} className={classes.artifact}>
          <a className={classes.name} href={url} download={name}>
            {name}
          </a>
          <span className="sb-mute">{contentType}</span>
          <span className={classes.size}>{formatSize(Number(sizeBytes))}</span>
        </li>
      ))}
    </ul>
  );
}

function formatSize(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
