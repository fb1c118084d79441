import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core';

const accent: MantineColorsTuple = [
  '#edf1fe',
  '#dbe3fd',
  '#b9c8fb',
  '#95abf9',
  '#758ff3',
  '#5b77ea',
  '#3b5bdb',
  '#3350c4',
  '#2b44a6',
  '#233787',
];

/** Mantine draws fields, borders and texts of the dark theme from these; taken from tokens.css. */
const dark: MantineColorsTuple = [
  '#e6e9ef',
  '#c3c9d4',
  '#98a2b3',
  '#848e9e',
  '#353b47',
  '#252a33',
  '#191d24',
  '#15181e',
  '#12141a',
  '#0f1115',
];

/** Two more variants for buttons: `primary`, one to a screen, and `danger`, for what cannot be undone. */
const variants: VariantColorsResolver = (input) => {
  if (input.variant === 'primary') {
    return {
      background: 'var(--sb-text)',
      hover: 'color-mix(in srgb, var(--sb-text) 86%, var(--sb-panel))',
      color: 'var(--sb-panel)',
      border: '1px solid transparent',
    };
  }
  if (input.variant === 'danger') {
    return {
      background: 'var(--sb-panel)',
      hover: 'var(--sb-failed-soft)',
      color: 'var(--sb-failed)',
      border: '1px solid var(--sb-line-strong)',
    };
  }
  return defaultVariantColorsResolver(input);
};

export const theme = createTheme({
  colors: { accent, dark },
  primaryColor: 'accent',
  fontFamily: 'var(--sb-font)',
  fontFamilyMonospace: 'var(--sb-mono)',
  fontSizes: { xs: '11px', sm: '13px', md: '13px', lg: '15px', xl: '18px' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.45', lg: '1.45', xl: '1.4' },
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '9px', xl: '12px' },
  defaultRadius: 'md',
  headings: {
    fontWeight: '620',
    sizes: { h1: { fontSize: '15px' }, h2: { fontSize: '15px' }, h3: { fontSize: '13px' } },
  },
  cursorType: 'pointer',
  respectReducedMotion: true,
  autoContrast: true,
  variantColorResolver: variants,
  components: {
    Button: {
      defaultProps: { variant: 'default' },
      vars: () => ({ root: { '--button-height': '30px', '--button-padding-x': '12px', '--button-fz': '13px' } }),
    },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 26 } },
    Tooltip: {
      defaultProps: { openDelay: 400, withArrow: false, fz: 12, events: { hover: true, focus: true, touch: false } },
    },
    Menu: {
      defaultProps: {
        position: 'bottom-end',
        shadow: 'md',
        width: 210,
        radius: 'md',
        offset: 4,
        withInitialFocusPlaceholder: false,
      },
    },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    Popover: { defaultProps: { shadow: 'md', radius: 'md', offset: 6 } },
    Modal: {
      defaultProps: {
        radius: 'lg',
        // The page never scrolls as a whole, and locking it would add a style element without a nonce.
        lockScroll: false,
        overlayProps: { backgroundOpacity: 0.4 },
        transitionProps: { transition: 'fade', duration: 120 },
        closeButtonProps: { 'aria-label': 'Close' },
        // Its header is not the page's.
        attributes: { header: { role: 'none' } },
      },
    },
  },
});

const surface = {
  '--mantine-color-body': 'var(--sb-panel)',
  '--mantine-color-text': 'var(--sb-text)',
  '--mantine-color-dimmed': 'var(--sb-mute)',
  '--mantine-color-placeholder': 'var(--sb-faint)',
  '--mantine-color-anchor': 'var(--sb-accent)',
  '--mantine-color-error': 'var(--sb-failed)',
  '--mantine-color-default': 'var(--sb-panel)',
  '--mantine-color-default-hover': 'var(--sb-hover)',
  '--mantine-color-default-color': 'var(--sb-text)',
  '--mantine-color-default-border': 'var(--sb-line-strong)',
  '--mantine-color-disabled': 'var(--sb-sunk)',
  '--mantine-color-disabled-border': 'var(--sb-line)',
  '--mantine-color-gray-light-hover': 'var(--sb-hover)',
  '--mantine-color-gray-light-color': 'var(--sb-mute)',
};

/** Mantine's own colours, said in ours, so that the palette stands in one place: tokens.css. */
export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light: surface, dark: surface });
