import { UnstyledButton } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { ArtifactPreview, previewOf } from './artifact-preview.tsx';
import classes from './artifacts.module.css';
import type { StepInPanel } from './panel-props.ts';

/** The files that a step left, to look at and to download. */
export function Artifacts({ artifacts }: { artifacts: StepInPanel['artifacts'] }) {
  const [open, setOpen] = useState<string>();
  return (
    <ul className={classes.list}>
      {artifacts.map((artifact) => {
        const { id, name, contentType, sizeBytes, url } = artifact;
        const previewable = previewOf(artifact) !== undefined;
        return (
          <li key={id} className={classes.artifact}>
            <div className={classes.row}>
              {previewable ? (
                <UnstyledButton
                  className={classes.name}
                  aria-expanded={open === id}
                  onClick={() => setOpen(open === id ? undefined : id)}
                >
                  {name}
                </UnstyledButton>
              ) : (
                <span className={classes.plain}>{name}</span>
              )}
              <span className="sb-mute">{contentType}</span>
              <span className={classes.size}>{formatSize(Number(sizeBytes))}</span>
              <a className={classes.download} href={url} download={name} aria-label={`Download ${name}`}>
                <IconDownload size={15} />
              </a>
            </div>
            {open === id && <ArtifactPreview artifact={artifact} />}
          </li>
        );
      })}
    </ul>
  );
}

function formatSize(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
