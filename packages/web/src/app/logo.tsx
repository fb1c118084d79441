/** A signal at three aspects. */
export function Logo({ size = 18 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 18 18" aria-hidden="true">
      <clipPath id="logo">
        <rect width="18" height="18" rx="5" />
      </clipPath>
      <g clipPath="url(#logo)">
        <path fill="#c81e1e" d="M0 0h18v6H0z" />
        <path fill="#f0a959" d="M0 6h18v6H0z" />
        <path fill="#15803d" d="M0 12h18v6H0z" />
      </g>
    </svg>
  );
}
